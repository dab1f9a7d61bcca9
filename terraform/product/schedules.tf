# Scheduled functions are called, jobs are started through the Cloud Run API.

locals {
  scheduled = { for name, one in local.released : name => one if one.schedule != null }
  jobs_api  = "https://run.googleapis.com/v2/projects/${var.project}/locations/${var.region}/jobs"
}

module "schedule" {
  source   = "../modules/schedule"
  for_each = local.scheduled

  name        = each.value.deployed_name
  description = each.value.meaning
  region      = var.region
  cron        = each.value.schedule.cron
  time_zone   = each.value.schedule.time_zone
  paused      = var.paused
  account     = local.accounts["scheduler"]
  uri         = each.value.kind == "job" ? "${local.jobs_api}/${each.value.deployed_name}:run" : local.urls[each.key]
  # A job's start is answered at once; a function's answer comes when its work is done.
  seconds      = each.value.kind == "job" ? 60 : each.value.timeout_seconds
  calls_an_api = each.value.kind == "job"

  depends_on = [module.function, module.job]
}
