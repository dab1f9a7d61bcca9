# What each function finds in its environment: exactly the settings its manifest and its ports need.

locals {
  given = {
    profile         = "google"
    project         = var.project
    public_url      = "https://${var.domain}"
    region          = var.region
    bucket          = "${var.project}-files"
    service_callers = join(",", [local.accounts["pubsub-push"], local.accounts["scheduler"]])
    # Where the bundle that brings the sentence model is unpacked.
    model_dir = "/workspace/model"
  }
  tunables = { for name, one in module.catalogue.settings : name => lookup(var.settings, name, one.default) if one.deployed == "tunable" }

  environments = {
    for name, one in local.released : name => {
      for setting in one.settings :
      module.catalogue.settings[setting].variable => merge(local.tunables, local.given, { service_audience = local.urls[name] })[setting]
    }
  }
}
