/** One JSON mapper, strict about what it reads. */
package io.millrace.schemas.json;
