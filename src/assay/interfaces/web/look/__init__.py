"""How the workbench looks, as code: badges, moments, figures, charts, and the living page. It knows no room."""
