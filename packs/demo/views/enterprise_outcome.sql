-- Who became a dishonest judgment debtor after one day and until another: what a back-test of the scorecard asks for.
SELECT DISTINCT subject_id AS subject
FROM court_dishonesty
WHERE published_date > $after AND published_date <= $until
