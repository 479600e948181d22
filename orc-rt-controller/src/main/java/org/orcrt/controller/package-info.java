/// A controller in Java.
package org.orcrt.controller;
