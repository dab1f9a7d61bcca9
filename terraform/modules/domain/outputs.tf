output "records" {
  description = "The records to set at the domain's DNS, once."
  value = [
    { name = "${var.domain}.", type = "A", data = google_compute_global_address.this.address },
    {
      name = google_certificate_manager_dns_authorization.this.dns_resource_record[0].name
      type = google_certificate_manager_dns_authorization.this.dns_resource_record[0].type
      data = google_certificate_manager_dns_authorization.this.dns_resource_record[0].data
    },
  ]
}
