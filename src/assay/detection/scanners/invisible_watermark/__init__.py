"""The watermark of Stable Diffusion and FLUX programs, read from pixels. Its absence is never a finding."""
