# Alerts, dashboard and the check from outside. The alerts themselves are data: alerts.yaml.

terraform {
  required_version = ">= 1.9"
  required_providers {
    google = { source = "hashicorp/google", version = "~> 6.50" }
  }
}

locals {
  # Monitoring's expressions are RE2 within quotes; our names need no escaping but none may be left empty.
  one_of = { for key, names in var.watched : key => length(names) == 0 ? "-none-" : join("|", sort(names)) }
  alerts = yamldecode(templatefile("${path.module}/alerts.yaml", local.one_of))
}

resource "google_monitoring_notification_channel" "email" {
  for_each     = toset(var.alert_emails)
  project      = var.project
  display_name = each.value
  type         = "email"
  labels       = { email_address = each.value }
}

resource "google_monitoring_alert_policy" "this" {
  for_each              = local.alerts
  project               = var.project
  display_name          = each.value.title
  severity              = each.value.severity
  combiner              = "OR"
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
  user_labels           = { alert = each.key, environment = var.environment }

  documentation {
    mime_type = "text/markdown"
    content   = "${each.value.says}\n\nWhat to do: docs/runbooks/${each.key}.md"
  }

  alert_strategy {
    auto_close = "86400s"
    dynamic "notification_rate_limit" {
      for_each = can(each.value.log) ? ["300s"] : []
      content {
        period = notification_rate_limit.value
      }
    }
  }

  conditions {
    display_name = each.value.title

    dynamic "condition_threshold" {
      for_each = [for one in [try(each.value.metric, null)] : one if one != null]
      content {
        filter          = condition_threshold.value.filter
        comparison      = "COMPARISON_GT"
        threshold_value = condition_threshold.value.threshold
        duration        = "${condition_threshold.value.seconds}s"
        aggregations {
          alignment_period     = "60s"
          per_series_aligner   = condition_threshold.value.align
          cross_series_reducer = try(condition_threshold.value.reduce, "REDUCE_SUM")
          group_by_fields      = condition_threshold.value.by
        }
        trigger {
          count = 1
        }
      }
    }

    dynamic "condition_threshold" {
      for_each = [for one in [try(each.value.ratio, null)] : one if one != null]
      content {
        filter             = condition_threshold.value.part
        denominator_filter = condition_threshold.value.whole
        comparison         = "COMPARISON_GT"
        threshold_value    = condition_threshold.value.threshold
        duration           = "${condition_threshold.value.seconds}s"
        aggregations {
          alignment_period     = "60s"
          per_series_aligner   = "ALIGN_RATE"
          cross_series_reducer = "REDUCE_SUM"
          group_by_fields      = condition_threshold.value.by
        }
        denominator_aggregations {
          alignment_period     = "60s"
          per_series_aligner   = "ALIGN_RATE"
          cross_series_reducer = "REDUCE_SUM"
          group_by_fields      = condition_threshold.value.by
        }
        trigger {
          count = 1
        }
      }
    }

    dynamic "condition_matched_log" {
      for_each = can(each.value.log) ? [each.value.log] : []
      content {
        filter = condition_matched_log.value
      }
    }
  }
}

# From outside, as a customer's browser comes in: name, certificate, load balancer, function.
resource "google_monitoring_uptime_check_config" "health" {
  count        = var.domain == "" ? 0 : 1
  project      = var.project
  display_name = "Health of ${var.domain}"
  period       = "60s"
  timeout      = "10s"

  http_check {
    path         = "/api/system/health"
    port         = 443
    use_ssl      = true
    validate_ssl = true
    accepted_response_status_codes {
      status_class = "STATUS_CLASS_2XX"
    }
  }

  monitored_resource {
    type   = "uptime_url"
    labels = { project_id = var.project, host = var.domain }
  }
}

resource "google_monitoring_alert_policy" "unreachable" {
  count                 = length(google_monitoring_uptime_check_config.health)
  project               = var.project
  display_name          = "Nobody reaches the product"
  severity              = "CRITICAL"
  combiner              = "OR"
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
  user_labels           = { alert = "unreachable", environment = var.environment }

  documentation {
    mime_type = "text/markdown"
    content   = "The health check from outside fails from more than one place of the world.\n\nWhat to do: docs/runbooks/unreachable.md"
  }

  conditions {
    display_name = "Health checks from outside fail"
    condition_threshold {
      filter          = "resource.type = \"uptime_url\" AND metric.type = \"monitoring.googleapis.com/uptime_check/check_passed\" AND metric.labels.check_id = \"${google_monitoring_uptime_check_config.health[0].uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "120s"
      aggregations {
        alignment_period     = "1200s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }
      trigger {
        count = 1
      }
    }
  }
}
