/** The whole path from examples to model updates, the same contract on every broker. */
package io.millrace.app.contract;
