from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = "Knowledge"

    def ready(self) -> None:
        from itsm.kernel import navigation
        from knowledge import panels

        self.reads = (panels,)
        navigation.add("Knowledge", "Articles", "knowledge:article-list", order=10)
        navigation.add("Knowledge", "Coverage", "knowledge:coverage", order=20)
