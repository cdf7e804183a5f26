-- Role and database of the portal; read by psql after a line that sets the variable `password`.
-- The role owns its database and nothing else; it needs no right of a superuser.
-- Whatever the language of the machine, texts are compared by code point: the portal's keys to sort by are made for that.
CREATE ROLE mongcai_portal LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 60 PASSWORD :'password';
CREATE DATABASE mongcai_portal OWNER mongcai_portal ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C.UTF-8'
    LC_CTYPE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE mongcai_portal FROM PUBLIC;
