SELECT uscc, enterprise_name, region, industry_code, registered_capital, established_date, registration_status
FROM enterprise_registration
WHERE ($county IS NULL OR region = $county)
  AND ($name_part IS NULL OR enterprise_name LIKE '%' || $name_part || '%')
  AND ($capital_from IS NULL OR registered_capital >= $capital_from)
ORDER BY uscc
