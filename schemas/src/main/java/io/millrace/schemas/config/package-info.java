/** Turns a YAML file into configuration records, with messages that name the key. */
@NullMarked
package io.millrace.schemas.config;

import org.jspecify.annotations.NullMarked;
