def raises(event:, context:)
  raise ArgumentError, "no such order"
end

def missing(event:, context:)
  event.fetch("source").nothing_like_that
end

def environment(event:, context:)
  ENV.fetch("QUEUE_URL")
end

class Shop
  def self.handler(event:, context:)
    { ok: event["source"] == "aws.events" }
  end
end
