# Each consumer has a push subscription of its own, with OIDC, back-off and dead letters; never one that a trigger makes.

module "consumer" {
  source   = "../modules/consumer"
  for_each = { for name, one in module.catalogue.consumers : name => one if contains(keys(local.functions), name) }

  consumer = each.value
  endpoint = local.urls[each.key]
  account  = local.accounts["pubsub-push"]
  project  = var.project

  # What is pushed before the function answers and lets itself be called would count as a failed attempt.
  depends_on = [module.function]
}
