/** Fuzzing of everything that reads bytes from outside: records, weights, manifests, configuration files. */
package io.millrace.app.fuzz;
