"""What pipelines say, read without a database: CloudEvents, CDEvents, and the webhooks of GitHub and GitLab."""
