/** Files of examples and texts, read and refused as ingest reads and refuses records. */
package io.millrace.ingest.file;
