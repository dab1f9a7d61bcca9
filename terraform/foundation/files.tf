# Buckets and image repositories.

locals {
  buckets = {
    # What is deployed: bundles by content, never replaced; the pipeline's uploads under source/ are soon forgotten.
    bundles = { forget = { "source/" = 30 } }
    # Files of the dealerships.
    files = { forget = {} }
    # What was exported on demand.
    exports = { forget = { "" = var.exports_kept_days } }
  }
  old_versions_kept_days = 30

  repositories = {
    images    = { meaning = "Images of the service and the job, tagged by content.", immutable = true }
    functions = { meaning = "Images Cloud Functions builds; it moves its tag latest.", immutable = false }
  }
}

resource "google_storage_bucket" "this" {
  for_each = local.buckets

  name                        = "${var.project}-${each.key}"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false

  versioning {
    enabled = true
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = local.old_versions_kept_days
      with_state                 = "ARCHIVED"
    }
  }

  dynamic "lifecycle_rule" {
    for_each = each.value.forget

    content {
      action {
        type = "Delete"
      }
      condition {
        age            = lifecycle_rule.value
        matches_prefix = lifecycle_rule.key != "" ? [lifecycle_rule.key] : []
        with_state     = "LIVE"
      }
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [terraform_data.services_known]
}

# Gemini fetches the file it is asked about itself, as Vertex's own agent. Without this the first videos would wait for an
# agent that Google makes at the first of them.
resource "google_storage_bucket_iam_member" "vertex_reads_files" {
  bucket = google_storage_bucket.this["files"].name
  role   = "roles/storage.objectViewer"
  member = local.vertex_agent

  depends_on = [terraform_data.agent]
}

resource "google_artifact_registry_repository" "this" {
  for_each = local.repositories

  location      = var.region
  repository_id = each.key
  format        = "DOCKER"
  description   = each.value.meaning

  # Left out where it says nothing: the registry answers no block that is empty.
  dynamic "docker_config" {
    for_each = each.value.immutable ? [true] : []

    content {
      immutable_tags = docker_config.value
    }
  }

  # A rollback goes back a few releases; images nothing runs any more are deleted.
  cleanup_policies {
    id     = "keep-the-newest"
    action = "KEEP"
    most_recent_versions {
      keep_count = 20
    }
  }

  cleanup_policies {
    id     = "forget-the-old"
    action = "DELETE"
    condition {
      # A tag that cannot be moved cannot be deleted either.
      tag_state  = each.value.immutable ? "UNTAGGED" : "ANY"
      older_than = "${90 * 24 * 3600}s"
    }
  }

  depends_on = [terraform_data.services_known]
}
