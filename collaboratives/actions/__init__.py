"""What happens to counties and organizations (`reference`), groups, meetings, barriers and numbers: a file each."""
