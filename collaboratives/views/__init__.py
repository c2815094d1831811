"""Pages of groups, their meetings, barriers and dashboards: a file each."""
