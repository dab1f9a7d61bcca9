# Everything that runs the product's code. One release manifest in, every capability of the catalogue it holds out.

module "catalogue" {
  source = "../catalogue"
}

data "google_project" "this" {
  project_id = var.project
}

locals {
  released        = { for name, one in module.catalogue.functions : name => one if contains(keys(var.release.bundles), name) }
  unknown_bundles = setsubtract(keys(var.release.bundles), keys(module.catalogue.functions))
  functions       = { for name, one in local.released : name => one if contains(["http", "event", "schedule"], one.kind) }
  services        = { for name, one in local.released : name => one if one.kind == "service" }
  jobs            = { for name, one in local.released : name => one if one.kind == "job" }

  # The address Cloud Run gives by name. The hashed one is known only after the first deployment, and a function must be
  # told at its own deployment for which audience it is called.
  urls = { for name, one in local.released : name => "https://${one.deployed_name}-${data.google_project.this.number}.${var.region}.run.app" }

  function_accounts = { for name, one in local.released : name => "${one.account_id}@${var.project}.iam.gserviceaccount.com" }
  accounts          = { for id in keys(module.catalogue.accounts) : id => "${id}@${var.project}.iam.gserviceaccount.com" }

  # Who may call what. A public function and the socket check their callers' credentials themselves.
  invokers = {
    http     = "allUsers"
    service  = "allUsers"
    event    = "serviceAccount:${local.accounts["pubsub-push"]}"
    schedule = "serviceAccount:${local.accounts["scheduler"]}"
    job      = "serviceAccount:${local.accounts["scheduler"]}"
  }

  scaling = {
    for name in keys(local.released) : name => {
      min_instances = coalesce(try(var.scaling.functions[name].min_instances, null), var.scaling.min_instances)
      max_instances = coalesce(try(var.scaling.functions[name].max_instances, null), var.scaling.max_instances)
    }
  }
}

module "function" {
  source   = "../modules/function"
  for_each = local.functions

  function    = each.value
  project     = var.project
  region      = var.region
  account     = local.function_accounts[each.key]
  invoker     = local.invokers[each.value.kind]
  environment = local.environments[each.key]
  scaling     = local.scaling[each.key]
  build = {
    runtime    = var.release.runtime
    bucket     = "${var.project}-bundles"
    object     = var.release.bundles[each.key].object
    account    = local.accounts["functions-build"]
    repository = "functions"
  }
}

# By digest, since a tag can be moved; the look-up also fails before anything changes when an image was never pushed.
data "google_artifact_registry_docker_image" "released" {
  for_each      = merge(local.services, local.jobs)
  location      = var.region
  repository_id = "images"
  image_name    = "${each.value.deployed_name}:${substr(var.release.bundles[each.key].sha256, 0, 12)}"
}

module "service" {
  source   = "../modules/service"
  for_each = local.services

  service     = each.value
  region      = var.region
  account     = local.function_accounts[each.key]
  invoker     = local.invokers.service
  environment = local.environments[each.key]
  scaling     = local.scaling[each.key]
  image       = data.google_artifact_registry_docker_image.released[each.key].self_link
}

module "job" {
  source   = "../modules/job"
  for_each = local.jobs

  job         = each.value
  region      = var.region
  account     = local.function_accounts[each.key]
  invoker     = local.invokers.job
  environment = local.environments[each.key]
  image       = data.google_artifact_registry_docker_image.released[each.key].self_link
}
