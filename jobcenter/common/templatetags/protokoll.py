from django import template

from jobcenter.common.protokoll import current_request_id

register = template.Library()
register.simple_tag(current_request_id, name="vorgangsnummer")
