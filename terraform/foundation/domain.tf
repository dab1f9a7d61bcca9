# The public name. It belongs here and not to the pipeline: the record that points to the address is set by hand once,
# and with the certificate proved by a record of its own the product answers from its first deployment on.

module "domain" {
  source = "../modules/domain"
  count  = var.domain != "" ? 1 : 0

  name   = "cos"
  domain = var.domain

  depends_on = [terraform_data.services_known]
}

output "dns_records" {
  description = "Records to set at the domain's DNS before terraform/product is applied."
  value       = flatten(module.domain[*].records)
}
