/** The demo: streams the shipped examples through all services and prints what happens. */
@NullMarked
package io.millrace.app.demo;

import org.jspecify.annotations.NullMarked;
