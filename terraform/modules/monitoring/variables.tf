variable "project" {
  description = "Id of the Google Cloud project."
  type        = string
}

variable "environment" {
  description = "Stands on every alert as a label."
  type        = string
}

variable "domain" {
  description = "The name the product is reached by. Empty: nothing is asked from outside."
  type        = string
}

variable "alert_emails" {
  description = "Who is told. Empty: incidents are only in the console."
  type        = list(string)
}

variable "watched" {
  description = "Names alerts look at: called (services people and partners call), answering (those of them that answer at once: no sockets), driven (services events and schedules drive), handling (those of events that take seconds), consumers, rows and dead_letters (subscriptions)."
  type = object({
    called       = list(string)
    answering    = list(string)
    driven       = list(string)
    handling     = list(string)
    consumers    = list(string)
    rows         = list(string)
    dead_letters = list(string)
  })
}
