"""Offline tools over the models, dreams and walks of a live show: pictures, films, contact sheets, searches."""
