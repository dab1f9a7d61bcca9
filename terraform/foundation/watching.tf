# What is logged of reads and writes of data, and a budget.

resource "google_project_iam_audit_config" "this" {
  for_each = var.audited_services

  project = var.project
  service = each.value

  dynamic "audit_log_config" {
    for_each = ["ADMIN_READ", "DATA_READ", "DATA_WRITE"]

    content {
      log_type = audit_log_config.value
    }
  }

  depends_on = [terraform_data.services_known]
}

resource "google_billing_budget" "monthly" {
  count = var.billing_account != "" ? 1 : 0

  billing_account = var.billing_account
  display_name    = "${var.project} a month"

  budget_filter {
    projects        = ["projects/${local.number}"]
    calendar_period = "MONTH"
  }

  # Without a currency it is the account's own.
  amount {
    specified_amount {
      units = tostring(var.monthly_budget)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]

    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1.0
    spend_basis       = "FORECASTED_SPEND"
  }

  # The billing account's administrators are told in any case; these besides. At most five channels are allowed.
  dynamic "all_updates_rule" {
    for_each = length(var.alert_emails) > 0 ? [slice(module.monitoring.channels, 0, min(5, length(distinct(var.alert_emails))))] : []

    content {
      monitoring_notification_channels = all_updates_rule.value
    }
  }

  depends_on = [terraform_data.services_known]
}
