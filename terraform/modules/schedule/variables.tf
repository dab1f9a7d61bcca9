variable "name" {
  description = "Name of the scheduler job."
  type        = string
}

variable "description" {
  description = "What it is for."
  type        = string
}

variable "region" {
  description = "Where it runs."
  type        = string
}

variable "cron" {
  description = "When, as five cron fields."
  type        = string
}

variable "time_zone" {
  description = "Time zone of the cron fields."
  type        = string
}

variable "paused" {
  description = "Whether it rests."
  type        = bool
}

variable "account" {
  description = "E-mail of the account it calls as."
  type        = string
}

variable "uri" {
  description = "What is called."
  type        = string
}

variable "seconds" {
  description = "Seconds an attempt may take."
  type        = number
}

variable "calls_an_api" {
  description = "Whether a Google API is called (access token) or a function of ours (token made for its address)."
  type        = bool
}
