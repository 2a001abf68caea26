"""REST: the names by which other tools know CIs."""

from typing import Any

from rest_framework import serializers

from cmdb.keys import Key, checked_source
from itsm.kernel.api.serializers import Strict
from itsm.kernel.errors import InvalidInput


class KeySerializer(Strict):
    """The name by which another tool knows the CI."""

    source = serializers.RegexField("^[^:]+$", max_length=60)
    key = serializers.CharField(max_length=200)

    def validate_source(self, source: str) -> str:
        try:
            return checked_source(source)
        except InvalidInput as error:
            raise serializers.ValidationError(error.errors["source"]) from error

    def to_internal_value(self, data: Any) -> Key:
        return Key(**super().to_internal_value(data))

    def to_representation(self, instance: dict[str, str]) -> dict[str, str]:
        """As the database has drawn it."""
        return instance
