require "nothing_of_this_name"
def handler(event:, context:); end
