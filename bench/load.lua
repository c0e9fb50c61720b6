-- For wrk: posts $BODY where there is one.
local body = os.getenv("BODY")
if body and #body > 0 then
  wrk.method = "POST"
  wrk.body = body
end
