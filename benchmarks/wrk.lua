-- Sends the requests of a file in turn, and tells the result as one line of JSON.
-- The file: headers as "name: value" lines, an empty line, then "METHOD<tab>path<tab>body" lines.

local requests, last = {}, 0

function init(args)
  local headers, is_head = {Host = wrk.headers["Host"]}, true
  for line in io.lines(args[1]) do
    if is_head then
      local name, value = line:match("^(.-): (.*)$")
      if name then headers[name] = value else is_head = false end
    else
      local method, path, body = line:match("^(.-)\t(.-)\t(.*)$")
      requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
    end
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    '\nRESULT {"requests": %d, "microseconds": %d, "bytes": %d, "refused": %d, "broken": %d, ' ..
    '"p50": %.1f, "p99": %.1f}\n',
    summary.requests, summary.duration, summary.bytes, e.status,
    e.connect + e.read + e.write + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end
