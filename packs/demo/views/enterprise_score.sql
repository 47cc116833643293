-- What the sample scorecard counts, one row an enterprise, as of a day.
WITH reports AS (
  SELECT uscc, count(*) AS n FROM annual_report
  WHERE report_year >= date_part('year', $as_of) - 2 AND report_year < date_part('year', $as_of) AND submitted_date <= $as_of
  GROUP BY uscc
), penalties AS (
  SELECT uscc, count(*) AS n, count(*) FILTER (WHERE dishonesty_level = '3') AS serious,
         sum(coalesce(fine_amount, 0) + coalesce(confiscated_amount, 0)) AS fines
  FROM administrative_penalty
  WHERE penalty_date > $as_of - INTERVAL 3 YEAR AND penalty_date <= $as_of
  GROUP BY uscc
), arrears AS (
  SELECT uscc, sum(tax_arrears) AS total FROM tax_arrears WHERE tax_published_date <= $as_of GROUP BY uscc
), ratings AS (
  SELECT uscc, tax_credit_level, row_number() OVER (PARTITION BY uscc ORDER BY tax_year DESC) AS place
  FROM tax_rating WHERE tax_year < date_part('year', $as_of)
), insurance AS (
  SELECT uscc, max(si_arrears_months) AS months FROM social_insurance GROUP BY uscc
), court AS (
  SELECT subject_id, count(*) AS n FROM court_dishonesty
  WHERE published_date <= $as_of AND performance_status <> '3'
  GROUP BY subject_id
), environment AS (
  SELECT uscc, env_level, row_number() OVER (PARTITION BY uscc ORDER BY env_year DESC) AS place
  FROM environment_rating WHERE env_year <= date_part('year', $as_of)
)
SELECT e.uscc,
       date_part('year', $as_of) - date_part('year', e.established_date) AS years_in_business,
       coalesce(r.n, 0) AS reports_2y,
       coalesce(p.n, 0) AS penalties_3y,
       coalesce(p.serious, 0) AS serious_3y,
       coalesce(p.fines, 0) AS fines_3y,
       coalesce(a.total, 0) AS arrears_total,
       t.tax_credit_level,
       i.months AS si_months,
       coalesce(c.n, 0) AS court_open,
       v.env_level
FROM enterprise_registration e
LEFT JOIN reports r ON r.uscc = e.uscc
LEFT JOIN penalties p ON p.uscc = e.uscc
LEFT JOIN arrears a ON a.uscc = e.uscc
LEFT JOIN ratings t ON t.uscc = e.uscc AND t.place = 1
LEFT JOIN insurance i ON i.uscc = e.uscc
LEFT JOIN court c ON c.subject_id = e.uscc
LEFT JOIN environment v ON v.uscc = e.uscc AND v.place = 1
WHERE e.established_date <= $as_of
