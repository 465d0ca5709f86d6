/** What config.json says: the architecture, the shape and the head. */
package io.millrace.encoder.config;
