from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = "Knowledge"

    def ready(self) -> None:
        from itsm.kernel import navigation
        from knowledge import panels, portfolio, rules

        self.reads = (panels, portfolio)
        navigation.add("Knowledge", "Articles", "knowledge:article-list", order=10)
        navigation.start("Write an article", "knowledge:article-create", rules.may_draft)
        navigation.add("Knowledge", "Coverage", "knowledge:coverage", order=20)
