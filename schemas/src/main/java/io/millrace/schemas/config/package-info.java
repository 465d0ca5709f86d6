/** Turns a YAML file into configuration records, with messages that name the key. */
package io.millrace.schemas.config;
