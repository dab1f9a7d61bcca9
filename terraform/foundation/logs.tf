# A browser can only show its token in the address of a socket, and Cloud Run logs the addresses it is asked for. Whoever
# reads logs must not be able to speak as a user, so these lines are kept nowhere; the service's own log says who came.

resource "google_logging_project_exclusion" "addresses_of_sockets" {
  name        = "addresses-of-sockets"
  description = "Requests whose address holds a user's token."
  filter = join(" AND ", [
    "resource.type=\"cloud_run_revision\"",
    "resource.labels.service_name=(${join(" OR ", [for one in module.catalogue.by_kind.service : "\"${one.deployed_name}\""])})",
    "log_id(\"run.googleapis.com/requests\")",
    "httpRequest.requestUrl:\"token=\"",
  ])

  depends_on = [terraform_data.services_known]
}

# What somebody asks of their own memories stands in the address, at the load balancer and at Cloud Run alike.
resource "google_logging_project_exclusion" "questions_to_memory" {
  name        = "questions-to-memory"
  description = "Requests whose address holds a person's own words."
  filter      = "httpRequest.requestUrl:\"/api/memory/context\""

  depends_on = [terraform_data.services_known]
}

# A signed link is the whole credential of a quote, a trip or an alert for as long as it lasts, and a customer's number is
# personal: whoever reads logs must neither open nor learn them.
resource "google_logging_project_exclusion" "signed_links" {
  name        = "signed-links"
  description = "Requests whose address is a link that opens by itself."
  filter      = "httpRequest.requestUrl=~\"/(quote|track|alert)/[0-9a-f]{8}-\""

  depends_on = [terraform_data.services_known]
}

resource "google_logging_project_exclusion" "numbers_of_customers" {
  name        = "numbers-of-customers"
  description = "Requests whose address holds a customer's phone number."
  filter      = "httpRequest.requestUrl:\"/api/inbox/threads\" AND httpRequest.requestUrl:\"phone=\""

  depends_on = [terraform_data.services_known]
}
