# What Cloud Scheduler calls: a function by its address, or Google's own API that starts a job.

resource "google_cloud_scheduler_job" "this" {
  name             = var.name
  description      = substr(var.description, 0, 500)
  region           = var.region
  schedule         = var.cron
  time_zone        = var.time_zone
  paused           = var.paused
  attempt_deadline = "${min(1800, max(15, ceil(var.seconds) + 5))}s"

  # Every scheduled run repairs what the one before it left undone, so a failed one is tried again soon and not for long.
  retry_config {
    retry_count          = 3
    min_backoff_duration = "5s"
    max_backoff_duration = "60s"
    max_doublings        = 3
  }

  http_target {
    http_method = "POST"
    uri         = var.uri

    # Google's APIs want an access token, our functions a token made for them.
    dynamic "oauth_token" {
      for_each = var.calls_an_api ? [true] : []
      content {
        service_account_email = var.account
        scope                 = "https://www.googleapis.com/auth/cloud-platform"
      }
    }
    dynamic "oidc_token" {
      for_each = var.calls_an_api ? [] : [true]
      content {
        service_account_email = var.account
        audience              = var.uri
      }
    }
  }
}
