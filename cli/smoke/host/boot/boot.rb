# frozen_string_literal: true

# Runs a Ruby handler: takes events from the Lambda Runtime API, posts what it returns.
require 'json'
require 'socket'

module SflintBoot
  ROOT = ENV.fetch('LAMBDA_TASK_ROOT', '/var/task')
  RUNTIME = '/2018-06-01/runtime/'
  # Classes that Lambda names as they are; all others are the user's.
  NAMED = %w[ArgumentError NoMethodError NameError StandardError Exception LoadError SystemExit SystemStackError].freeze

  # HTTP/1.1 over one connection that is kept.
  class Api
    def initialize(where)
      @host, @port = where.split(':')
    end

    def call(method, path, body = nil, headers = {})
      @socket ||= TCPSocket.new(@host, @port.to_i).tap { |s| s.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1) }
      head = +"#{method} #{RUNTIME}#{path} HTTP/1.1\r\nHost: #{@host}:#{@port}\r\n"
      head << "Content-Type: application/json\r\nContent-Length: #{body.bytesize}\r\n" if body
      headers.each { |name, value| head << "#{name}: #{value}\r\n" }
      @socket.write("#{head}\r\n", body || '')
      read
    end

    private

    def line
      @socket.gets("\r\n", chomp: true) or raise IOError, 'the runtime API closed the connection'
    end

    def read
      status = line.split[1].to_i
      headers = {}
      until (text = line).empty?
        name, value = text.split(':', 2)
        headers[name.downcase] = value.strip
      end
      body = +''
      if headers['transfer-encoding'] == 'chunked'
        until (size = line.to_i(16)).zero?
          body << @socket.read(size)
          line
        end
        line
      else
        body = @socket.read(headers['content-length'].to_i) || ''
      end
      if headers['connection'] == 'close'
        @socket.close
        @socket = nil
      end
      [status, headers, body.force_encoding('UTF-8')]
    end
  end

  class Context
    attr_reader :aws_request_id, :invoked_function_arn, :function_name, :function_version, :memory_limit_in_mb, :log_group_name,
                :log_stream_name, :deadline_ms, :identity, :client_context, :tenant_id

    def initialize(headers)
      @aws_request_id = headers['lambda-runtime-aws-request-id']
      @invoked_function_arn = headers['lambda-runtime-invoked-function-arn']
      @deadline_ms = headers['lambda-runtime-deadline-ms'].to_i
      @tenant_id = headers['lambda-runtime-aws-tenant-id']
      @function_name = ENV['AWS_LAMBDA_FUNCTION_NAME']
      @function_version = ENV['AWS_LAMBDA_FUNCTION_VERSION']
      @memory_limit_in_mb = ENV['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']
      @log_group_name = ENV['AWS_LAMBDA_LOG_GROUP_NAME']
      @log_stream_name = ENV['AWS_LAMBDA_LOG_STREAM_NAME']
      @identity = json(headers['lambda-runtime-cognito-identity'])
      @client_context = json(headers['lambda-runtime-client-context'])
    end

    def get_remaining_time_in_millis
      [0, @deadline_ms - (Time.now.to_f * 1000).to_i].max
    end

    private

    def json(text)
      text && JSON.parse(text)
    end
  end

  module_function

  # [body, header]
  def error_of(error, prefix)
    name = error.class.name.to_s
    trace = (error.backtrace || []).reject { |l| l.start_with?(__FILE__) || l.start_with?('<internal:') }
    header = "Function<#{NAMED.include?(name) ? name : 'UserException'}>"
    [JSON.generate({ 'errorMessage' => error.message.to_s.scrub, 'errorType' => "#{prefix}<#{name}>", 'stackTrace' => trace.map(&:scrub) }), header]
  end

  def load(text)
    parts = text.to_s.split('.')
    raise ArgumentError, "Invalid handler #{text}, must be of form FILENAME.METHOD or FILENAME.CLASS.METHOD where FILENAME corresponds with an existing Ruby source file FILENAME.rb, CLASS is an optional module/class namespace and METHOD is a callable method. If using CLASS, METHOD must be a class-level method." unless [2, 3].include?(parts.length)

    file, owner, method = parts.length == 2 ? [parts[0], nil, parts[1]] : parts
    require "#{ROOT}/#{file}"
    [owner, method]
  end

  def call(found, event, context)
    owner, method = found
    target = owner ? Kernel.const_get(owner) : TOPLEVEL_BINDING.receiver
    raise NoMethodError, "undefined method `#{method}' for #{target}" unless target.respond_to?(method, true)

    target.send(method, event: event, context: context)
  end

  def run
    api = Api.new(ENV.fetch('AWS_LAMBDA_RUNTIME_API'))
    $stdout.sync = $stderr.sync = true
    $PROGRAM_NAME = ENV['_HANDLER'].to_s
    begin
      Dir.chdir(ROOT)
      $LOAD_PATH.unshift(ROOT)
      found = load(ENV['_HANDLER'])
    rescue Exception => e # rubocop:disable Lint/RescueException
      body, type = error_of(e, 'Init')
      api.call('POST', 'init/error', body, 'Lambda-Runtime-Function-Error-Type' => type)
      exit!(1)
    end
    loop { invoke(api, found) }
  end

  def invoke(api, found)
    status, headers, text = api.call('GET', 'invocation/next')
    abort("the runtime API answered #{status}: #{text[0, 200]}") unless status == 200
    id = headers['lambda-runtime-aws-request-id']
    ENV['_X_AMZN_TRACE_ID'] = headers['lambda-runtime-trace-id']
    begin
      event = text.empty? ? nil : JSON.parse(text)
      body = JSON.generate(call(found, event, Context.new(headers)))
    rescue SystemExit, SignalException, NoMemoryError
      raise
    rescue Exception => e # rubocop:disable Lint/RescueException
      failed = error_of(e, 'Function')
    end
    if failed.nil?
      status, = api.call('POST', "invocation/#{id}/response", body)
      if status == 413
        message = 'Response payload size exceeded maximum allowed payload size (6291556 bytes).'
        failed = [JSON.generate({ 'errorMessage' => message, 'errorType' => 'Function.ResponseSizeTooLarge' }), 'Function.ResponseSizeTooLarge']
      end
    end
    api.call('POST', "invocation/#{id}/error", failed[0], 'Lambda-Runtime-Function-Error-Type' => failed[1]) if failed
  end
end

SflintBoot.run
