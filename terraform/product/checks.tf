# What is no mistake by itself and still nothing to be found out by customers: told with every plan.

check "release_is_whole" {
  assert {
    condition     = length(setsubtract(keys(module.catalogue.functions), keys(var.release.bundles))) == 0
    error_message = "The release has no bundle of [${join(", ", setsubtract(keys(module.catalogue.functions), keys(var.release.bundles)))}]; what they did is not done, and their messages go nowhere."
  }
}

check "number_is_own" {
  assert {
    condition = contains(keys(var.settings), "twilio_number") || length([
      for one in local.released : one if contains(one.settings, "twilio_number")
    ]) == 0
    error_message = "[${join(", ", [for name, one in local.released : name if contains(one.settings, "twilio_number")])}] send from a number of the sample dealership; set settings = { twilio_number = \"+1…\" }."
  }
}
