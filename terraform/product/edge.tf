# The public side: one address, one domain, and the paths of the manifests.

data "google_compute_global_address" "public" {
  name = "cos"
}

locals {
  serving = {
    for name, one in merge(local.functions, local.services) : name => {
      deployed_name = one.deployed_name
      kind          = one.kind
      routes        = [for route in one.routes : { path = route.path, pattern = route.pattern }]
    } if length(one.routes) > 0
  }
}

module "load_balancer" {
  source = "../modules/load_balancer"

  name                = "cos"
  region              = var.region
  domain              = var.domain
  address             = data.google_compute_global_address.public.address
  certificate_map     = "//certificatemanager.googleapis.com/projects/${var.project}/locations/global/certificateMaps/cos"
  backends            = local.serving
  requests_per_minute = var.requests_per_minute
  firewall            = var.firewall
  log_share           = var.request_log_share

  # A path leads to a function that answers, and a removed function goes only after its path.
  depends_on = [module.function, module.service]
}
