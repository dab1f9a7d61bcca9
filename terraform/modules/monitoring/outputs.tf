output "alerts" {
  description = "Alert → title."
  value = merge(
    { for key, one in local.alerts : key => one.title },
    { for one in google_monitoring_alert_policy.unreachable : "unreachable" => one.display_name },
  )
}

output "channels" {
  description = "Ids of the notification channels, for the budget."
  value       = [for channel in google_monitoring_notification_channel.email : channel.id]
}
