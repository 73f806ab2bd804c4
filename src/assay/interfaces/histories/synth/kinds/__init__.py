"""What is uploaded: latent kinds of upload, and what each makes likely of a signal. It draws nothing."""
