/** The configuration file: its records, and how it is read. */
package io.millrace.local.config;
