DROP TABLE closures;
DROP TABLE time_off;
DROP TABLE override_windows;
DROP TABLE overrides;
