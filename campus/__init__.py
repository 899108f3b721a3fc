"""The ground: people, access, time, audit, files, jobs, realtime, language. It knows none of the other packages."""
