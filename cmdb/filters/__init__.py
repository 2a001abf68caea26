"""One FilterSet per noun, for the list page and the API alike."""
