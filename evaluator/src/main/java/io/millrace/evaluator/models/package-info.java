/** Published models in the store: staged, verified, renamed into place, kept or removed. */
@NullMarked
package io.millrace.evaluator.models;

import org.jspecify.annotations.NullMarked;
