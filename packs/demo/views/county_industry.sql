-- Active enterprises by county and industry.
SELECT region, industry_code, count(*) AS enterprise_count, sum(registered_capital) AS capital_total
FROM enterprise_registration
WHERE registration_status = '1' AND ($county IS NULL OR region = $county)
GROUP BY region, industry_code
ORDER BY region, enterprise_count DESC, industry_code
