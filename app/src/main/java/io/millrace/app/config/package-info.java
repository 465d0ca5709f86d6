/** The configuration file: its records, and how it is read. */
@NullMarked
package io.millrace.app.config;

import org.jspecify.annotations.NullMarked;
