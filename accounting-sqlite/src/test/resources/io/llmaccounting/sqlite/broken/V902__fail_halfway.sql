ALTER TABLE project ADD COLUMN colour TEXT;
ALTER TABLE no_such_table ADD COLUMN colour TEXT;
