-- Permits and construction qualifications whose last day is near.
WITH licences AS (
  SELECT uscc, subject_name AS holder, permit_doc_name AS licence, valid_to FROM administrative_permit
  UNION ALL
  SELECT uscc, enterprise_name, qualification_name, valid_to FROM construction_qualification
)
SELECT uscc, holder, licence, valid_to, valid_to - current_date AS days_left
FROM licences
WHERE valid_to >= current_date AND valid_to - current_date <= $max_days
ORDER BY valid_to, uscc
