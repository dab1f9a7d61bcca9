# Alerts, dashboard and the check from outside. What they look at is known before it runs: functions by their names,
# subscriptions by theirs.

locals {
  called = merge(module.catalogue.by_kind.http, module.catalogue.by_kind.service)
  # What has a minute takes files from phones, or delivers again what an operator asks for: it is slow by nature.
  answering = { for name, one in local.called : name => one if one.kind == "http" && one.timeout_seconds < 60 }
  driven    = merge(module.catalogue.by_kind.event, module.catalogue.by_kind.schedule)
  # Who looks at a video takes longer, and a schedule the longer the more dealerships there are.
  handling = { for name, one in module.catalogue.by_kind.event : name => one if one.timeout_seconds <= 60 }
}

module "monitoring" {
  source = "../modules/monitoring"

  project      = var.project
  environment  = var.environment
  domain       = var.domain
  alert_emails = var.alert_emails
  watched = {
    called       = [for one in local.called : one.deployed_name]
    answering    = [for one in local.answering : one.deployed_name]
    driven       = [for one in local.driven : one.deployed_name]
    handling     = [for one in local.handling : one.deployed_name]
    consumers    = [for one in module.catalogue.consumers : one.subscription]
    rows         = [for one in module.catalogue.row_topics : one.subscription]
    dead_letters = module.catalogue.dead_letters
  }

  depends_on = [terraform_data.services_known]
}
