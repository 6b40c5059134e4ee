-- wrk's part of benchmarks/service.py: sends the articles of a file of JSON lines in turn, counts answers by status.
local bodies, threads = {}, {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(arguments)
  for line in io.lines(arguments[1]) do table.insert(bodies, line) end
  turn, statuses = number * 7919, ""
  counts = {}
  fresh = arguments[2] == "fresh"
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  turn = turn + 1
  local body = bodies[turn % #bodies + 1]
  if fresh then body = body:gsub('{"id": "', string.format('{"id": "%d-', turn), 1) end -- never stored before
  return wrk.format("POST", nil, nil, body)
end

function response(status)
  counts[status] = (counts[status] or 0) + 1
  statuses = ""
  for code, count in pairs(counts) do statuses = statuses .. code .. "=" .. count .. " " end
end

function done(summary, latency, requests)
  local total = {}
  for _, thread in ipairs(threads) do
    for code, count in thread:get("statuses"):gmatch("(%d+)=(%d+)") do
      total[code] = (total[code] or 0) + tonumber(count)
    end
  end
  local told = {}
  for code, count in pairs(total) do table.insert(told, string.format('"%s": %d', code, count)) end
  local e = summary.errors
  io.write(string.format(
    'RESULT {"seconds": %f, "p50": %f, "p99": %f, "broken": %d, "timeouts": %d, "statuses": {%s}}\n',
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write, e.timeout, table.concat(told, ", ")))
end
