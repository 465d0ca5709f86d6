/** The configuration file: its records, and how it is read. */
package io.millrace.app.config;
