/** Published models in the store: staged, verified, renamed into place, kept or removed. */
package io.millrace.evaluator.models;
