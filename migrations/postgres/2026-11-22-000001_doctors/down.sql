DROP TABLE working_windows;
DROP TABLE working_hours_versions;
DROP TABLE doctors;
